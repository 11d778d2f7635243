// 批量操作、视图、危险提醒、重复提示的文案。
export const bulk = {
  title: '批量操作',
  chosen: '已选 {{count}} 张',
  best: '各派首选（{{count}}）',
  person: '全部派给…（{{count}}）',
  cancel: '作废…（{{count}}）',
  clear: '取消选择',
  title_best: '各派首选：{{count}} 张工单',
  title_person: '派给同一人：{{count}} 张工单',
  title_cancel: '作废：{{count}} 张工单',
  best_note:
    '逐张按就近排序派给首选人员；前一张派出后，下一张会重新计算在手工作量。没有合适的人就留下并写明原因。',
  go_best: '开始派发',
  go_person: '开始派发',
  go_cancel: '开始作废',
  stop: '停下剩余的',
  progress: '完成 {{done}} 张，未成 {{failed}} 张，还剩 {{left}} 张',
  not_allowed: '当前状态不能这样做，已跳过',
  not_tried: '已停下，没有处理',
  cancelled: '已作废',
  choose: '选择工单 {{number}}',
};

export const views = {
  title: '视图',
  save: '把当前条件存为视图',
  name: '视图名称，例如“北片抢修”',
  none: '还没有保存的视图。先选好状态和条件，再取个名字存下来。',
  remove: '删除视图 {{name}}',
  removed: '已删除 {{name}}',
  note: '视图跟着账号走，换电脑也在；搜索框里的文字不保存：其中可能有客户信息。',
};

export const hazard = {
  on: '打开危险工单提醒（声音和桌面通知）',
  off: '关闭危险工单提醒',
  arrived: '新的危险工单',
  look: '查看',
  seen: '知道了',
  seen_all: '全部知道了',
  sound: '电码：新的危险工单',
  on_done: '危险工单提醒已打开：有新的危险工单时会响铃，并在屏幕顶部停留到您确认。',
  on_blocked:
    '提醒已打开，但浏览器不允许桌面通知：声音和顶部提示仍然有效；要桌面通知请在浏览器的网站权限里允许。',
};

export const duplicates = {
  title: '可能是同一件事',
  same_customer: '同一客户',
  same_area: '同一台区 · {{hours}} 小时内',
  note: '先看一眼再派：是同一件事就作废重复的，并写明并入哪一张。',
  more: '本台区还有更多，在列表里看',
};
