// Providers around everything: colours and locale of antd, query cache, session, router.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { RouterProvider } from 'react-router';
import { ApiProblem } from '@/api/errors';
import { useText } from '@/i18n';
import { antdTheme } from '@/ui/theme';
import { usePreferences } from './preferences';
import { router } from './routes';
import { SessionProvider } from './session';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      refetchOnWindowFocus: true,
      retry: (tries, problem) => problem instanceof ApiProblem && problem.retryable && tries < 2,
    },
    mutations: { retry: false },
  },
});

export function App() {
  const { isDark, isCompact } = usePreferences();
  const { isChinese } = useText();
  dayjs.locale(isChinese ? 'zh-cn' : 'en');
  return (
    <ConfigProvider
      theme={antdTheme(isDark, isCompact)}
      locale={isChinese ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      form={{ requiredMark: 'optional' }}
    >
      <AntApp style={{ height: '100%' }} message={{ maxCount: 3 }}>
        <QueryClientProvider client={client}>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
