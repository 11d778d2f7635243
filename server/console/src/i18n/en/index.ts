// English texts; the shape is checked against the Chinese ones.
import type { Texts } from '../index';
import { app, session } from './app';
import { common } from './common';
import { order } from './order';
import { orders } from './orders';

export const en: Texts = { app, session, common, orders, order };
