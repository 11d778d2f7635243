// The quiet frame of the pages before signing in.
import { TranslationOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { switchLanguage, useText } from '@/i18n';

export function SessionFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t, isChinese } = useText();
  const name = t('app.name');
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
  return (
    <div className="session">
      <main className="session-card">
        <div className="session-brand">
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <div>
            <div className="session-name">{name}</div>
            <div className="muted">{t('app.tagline')}</div>
          </div>
          <Button
            type="text"
            style={{ marginLeft: 'auto' }}
            icon={<TranslationOutlined />}
            aria-label={t('app.language')}
            title={t('app.language')}
            onClick={() => void switchLanguage(isChinese ? 'en' : 'zh-CN')}
          />
        </div>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
