// English texts; the shape is checked against the Chinese ones.
import type { Texts } from '../index';
import { app, session } from './app';
import { audit, customers, devices, staff } from './archives';
import { common } from './common';
import { callbacks, dispatch, exceptions, imports, intake, review } from './duty';
import { labels } from './labels';
import { kpis, overview } from './numbers';
import { order } from './order';
import { orders } from './orders';
import { settings } from './settings';
import { bulk, duplicates, hazard, views } from './work';

export const en: Texts = {
  app,
  audit,
  bulk,
  callbacks,
  common,
  customers,
  devices,
  dispatch,
  duplicates,
  exceptions,
  hazard,
  imports,
  intake,
  kpis,
  labels,
  order,
  orders,
  overview,
  review,
  session,
  settings,
  staff,
  views,
};
