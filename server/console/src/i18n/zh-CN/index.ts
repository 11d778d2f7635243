// 中文文案：一页一个文件，键名与英文一致。
import { app, session } from './app';
import { common } from './common';
import { order } from './order';
import { orders } from './orders';

export const zhCN = { app, session, common, orders, order };
