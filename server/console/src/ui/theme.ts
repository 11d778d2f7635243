// The look, once: antd tokens for light and dark, and the colours that mean something in this trade.
// Kinds keep their hue everywhere (list, board, chart, phone); states speak by colour and word.
import { type ThemeConfig, theme } from 'antd';
import type { OrderKind, OrderState } from '@/i18n/words.gen';
import type { Tone } from '@/util/countdown';

export const ACCENT = '#00695C';

const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const MONO = 'ui-monospace, "SF Mono", Consolas, "Noto Sans Mono CJK SC", monospace';

/** The antd theme. `isCompact` gives 32 px table rows; type stays at 14 px (antd's compact algorithm would shrink it). */
export function antdTheme(isDark: boolean, isCompact: boolean): ThemeConfig {
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: 'dm' },
    hashed: false,
    token: {
      colorPrimary: isDark ? '#1d7f72' : ACCENT,
      colorInfo: isDark ? '#4f9ad8' : '#1f6fb2',
      colorLink: isDark ? '#4fc3b0' : ACCENT,
      colorLinkHover: isDark ? '#7fd8c9' : '#00897b',
      colorSuccess: isDark ? '#5fae6a' : '#2e7d32',
      colorWarning: isDark ? '#e0a030' : '#b26a00',
      colorError: isDark ? '#ff8a85' : '#c62828',
      colorTextPlaceholder: isDark ? '#8b9c98' : '#66716f',
      colorTextDisabled: isDark ? '#8a9794' : '#6a7472',
      colorBgLayout: isDark ? '#0f1514' : '#f2f5f4',
      colorBgContainer: isDark ? '#17201e' : '#ffffff',
      colorBgElevated: isDark ? '#1e2927' : '#ffffff',
      colorBorder: isDark ? '#33413e' : '#cfd8d5',
      colorBorderSecondary: isDark ? '#27332f' : '#e3e9e7',
      colorText: isDark ? '#e3ebe9' : '#16211f',
      colorTextSecondary: isDark ? '#a3b3af' : '#4d5c59',
      colorTextTertiary: isDark ? '#8b9c98' : '#536260',
      fontFamily: FONT,
      fontFamilyCode: MONO,
      fontSize: 14,
      borderRadius: 4,
      controlHeight: isCompact ? 30 : 34,
      controlHeightSM: isCompact ? 24 : 28,
      wireframe: false,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
    },
    components: {
      Table: {
        cellPaddingBlockSM: isCompact ? 5 : 8,
        cellPaddingInlineSM: 8,
        cellFontSizeSM: 14,
        headerBg: isDark ? '#1c2725' : '#eef2f1',
        headerSplitColor: 'transparent',
        rowHoverBg: isDark ? '#1d2a28' : '#eef6f4',
        rowSelectedBg: isDark ? '#16352f' : '#dcefeb',
        rowSelectedHoverBg: isDark ? '#1a3d36' : '#cfe8e3',
      },
      Tabs: { horizontalMargin: '0', titleFontSize: 14 },
      Drawer: { paddingLG: 20 },
      Descriptions: { itemPaddingBottom: 8 },
    },
  };
}

/** One hue per kind; used with its glyph, never alone. */
export const KIND_HUE: Record<OrderKind, string> = {
  fault_repair: '#c2410c',
  new_connection: '#1d6fb8',
  meter_change: '#6d4fc4',
  acceptance_energization: '#0f7f86',
  bill_collection: '#a16207',
  safety_inspection: '#3f7d20',
  contract_inspection: '#9d3a76',
  ad_hoc: '#5b6b73',
};

/** Meaning of a state's colour: amber = waiting for us, blue = on the way, red = back, green = proven done. */
export type StateHue = 'wait' | 'way' | 'back' | 'done' | 'off' | 'check';
export const STATE_HUE: Record<OrderState, StateHue> = {
  draft: 'wait',
  dispatched: 'way',
  reassigned: 'way',
  accepted: 'way',
  arrived: 'way',
  working: 'way',
  submitted: 'check',
  rejected: 'back',
  suspended: 'wait',
  archived: 'done',
  cancelled: 'off',
};

export const TONE_CLASS: Record<Tone, string> = { calm: 'tone-calm', soon: 'tone-soon', late: 'tone-late' };
