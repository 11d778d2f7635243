// The route table: every page is its own chunk and names the permission it needs.
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import type { Permission } from '@/i18n/words.gen';
import { paths } from '@/util/paths';
import { Gate, Home, NotFound, PageFailed, PageLoading } from './Gate';
import { Shell } from './Shell';

type Loader = () => Promise<{ default: ComponentType }>;

function page(load: Loader): ReactNode {
  const Page = lazy(load);
  return (
    <Suspense fallback={<PageLoading />}>
      <Page />
    </Suspense>
  );
}

const route = (path: string, permission: Permission | null, load: Loader) => ({
  path,
  element: <Gate permission={permission}>{page(load)}</Gate>,
  errorElement: <PageFailed />,
});

export const router = createBrowserRouter([
  {
    path: paths.signIn,
    element: page(() => import('@/pages/session/SignInPage')),
    errorElement: <PageFailed />,
  },
  {
    path: paths.setup,
    element: page(() => import('@/pages/session/SetupPage')),
    errorElement: <PageFailed />,
  },
  {
    element: <Shell />,
    errorElement: <PageFailed />,
    children: [
      { index: true, element: <Home /> },
      route(paths.overview, 'read_orders', () => import('@/pages/overview/OverviewPage')),
      route(paths.orders, 'read_orders', () => import('@/pages/orders/OrdersPage')),
      route(paths.order(':id'), 'read_orders', () => import('@/pages/orders/OrderPage')),
      route(paths.dispatch, 'dispatch_orders', () => import('@/pages/dispatch/DispatchPage')),
      route(paths.intake, 'write_intake', () => import('@/pages/intake/IntakePage')),
      route(paths.exceptions, 'read_exceptions', () => import('@/pages/exceptions/ExceptionsPage')),
      route(paths.imports, 'manage_imports', () => import('@/pages/imports/ImportsPage')),
      route(paths.review, 'review_orders', () => import('@/pages/review/ReviewPage')),
      route(paths.callbacks, 'record_callbacks', () => import('@/pages/callbacks/CallbacksPage')),
      route(paths.customers, 'read_customers', () => import('@/pages/customers/CustomersPage')),
      route(paths.customer(':id'), 'read_customers', () => import('@/pages/customers/CustomerPage')),
      route(paths.staff, 'read_staff', () => import('@/pages/staff/StaffPage')),
      route(paths.devices, 'read_devices', () => import('@/pages/devices/DevicesPage')),
      route(paths.labels, 'read_customers', () => import('@/pages/labels/LabelsPage')),
      route(paths.kpis, 'read_numbers', () => import('@/pages/kpis/KpisPage')),
      route(paths.audit, 'read_audit', () => import('@/pages/audit/AuditPage')),
      route(paths.settingsPage(':name'), 'read_catalogues', () => import('@/pages/settings/SettingsPage')),
      { path: '/settings', element: <Navigate to={paths.settingsPage('operation_cards')} replace /> },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
