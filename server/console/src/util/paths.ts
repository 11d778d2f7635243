// Every address inside the console, in one table. Personal data never goes into a path or query.

export const paths = {
  signIn: '/sign_in',
  setup: '/setup',
  overview: '/overview',
  dispatch: '/dispatch',
  intake: '/intake',
  exceptions: '/exceptions',
  imports: '/imports',
  orders: '/orders',
  order: (id: string) => `/orders/${id}`,
  review: '/review',
  callbacks: '/callbacks',
  customers: '/customers',
  customer: (id: string) => `/customers/${id}`,
  staff: '/staff',
  devices: '/devices',
  labels: '/labels',
  kpis: '/kpis',
  settings: '/settings',
  settingsPage: (name: string) => `/settings/${name}`,
  audit: '/audit',
} as const;
