// The menu: groups, pages, the permission each page needs, and where each role lands.
import {
  AuditOutlined,
  BarChartOutlined,
  BookOutlined,
  CheckSquareOutlined,
  DashboardOutlined,
  ExceptionOutlined,
  FileSearchOutlined,
  FormOutlined,
  ImportOutlined,
  MobileOutlined,
  PhoneOutlined,
  QrcodeOutlined,
  SendOutlined,
  TeamOutlined,
  UserOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Permission, Role } from '@/i18n/words.gen';
import { paths } from '@/util/paths';

export type PageName =
  | 'overview'
  | 'dispatch'
  | 'intake'
  | 'exceptions'
  | 'imports'
  | 'orders'
  | 'review'
  | 'callbacks'
  | 'customers'
  | 'staff'
  | 'devices'
  | 'labels'
  | 'kpis'
  | 'audit'
  | 'settings';

export interface MenuPage {
  name: PageName;
  path: string;
  permission: Permission;
  icon: ReactNode;
}

export interface MenuGroup {
  name: 'group_duty' | 'group_orders' | 'group_archives' | 'group_data' | 'group_settings';
  pages: MenuPage[];
}

const page = (name: PageName, permission: Permission, icon: ReactNode): MenuPage => ({
  name,
  path: paths[name],
  permission,
  icon,
});

export const MENU: MenuGroup[] = [
  {
    name: 'group_duty',
    pages: [
      page('overview', 'read_orders', <DashboardOutlined />),
      page('dispatch', 'dispatch_orders', <SendOutlined />),
      page('intake', 'write_intake', <FormOutlined />),
      page('exceptions', 'read_exceptions', <ExceptionOutlined />),
      page('imports', 'manage_imports', <ImportOutlined />),
    ],
  },
  {
    name: 'group_orders',
    pages: [
      page('orders', 'read_orders', <FileSearchOutlined />),
      page('review', 'review_orders', <CheckSquareOutlined />),
      page('callbacks', 'record_callbacks', <PhoneOutlined />),
    ],
  },
  {
    name: 'group_archives',
    pages: [
      page('customers', 'read_customers', <UserOutlined />),
      page('staff', 'read_staff', <TeamOutlined />),
      page('devices', 'read_devices', <MobileOutlined />),
      page('labels', 'read_customers', <QrcodeOutlined />),
    ],
  },
  { name: 'group_data', pages: [page('kpis', 'read_numbers', <BarChartOutlined />)] },
  {
    name: 'group_settings',
    pages: [
      page('settings', 'read_catalogues', <BookOutlined />),
      page('audit', 'read_audit', <AuditOutlined />),
    ],
  },
];

export const ALL_PAGES: readonly MenuPage[] = MENU.flatMap((group) => group.pages);

const LANDING: Partial<Record<Role, PageName>> = {
  dispatcher: 'dispatch',
  reviewer: 'review',
  manager: 'kpis',
  agent: 'intake',
  warehouse: 'orders',
  administrator: 'overview',
};

/** Where a person starts; the first page he may see when his own is not allowed; `null` for phone-only roles. */
export function landingPath(role: Role, may: (permission: Permission) => boolean): string | null {
  const wanted = ALL_PAGES.find((entry) => entry.name === LANDING[role]);
  if (wanted !== undefined && may(wanted.permission)) return wanted.path;
  if (!may('read_orders')) return null;
  return ALL_PAGES.find((entry) => may(entry.permission))?.path ?? null;
}
