// The frame of the signed-in console: rail, top bar, live banner, page. Opens the live line and knows
// the keys that work everywhere.
import {
  BulbOutlined,
  ColumnHeightOutlined,
  MenuFoldOutlined,
  MenuOutlined,
  MenuUnfoldOutlined,
  QuestionCircleOutlined,
  TranslationOutlined,
  UserOutlined,
} from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Dropdown } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { openLive } from '@/api/live';
import { Problem } from '@/components/Problem';
import { useKeys } from '@/hooks/useKeys';
import { useWindowWidth } from '@/hooks/useWindowWidth';
import { switchLanguage, useText } from '@/i18n';
import { Role } from '@/i18n/words.gen';
import { paths } from '@/util/paths';
import { PageLoading } from './Gate';
import { GlobalSearch } from './GlobalSearch';
import { HazardBar, HazardButton } from './HazardNotice';
import { LiveBanner } from './LiveBanner';
import { isFolded, setPreferences, usePreferences } from './preferences';
import { Rail } from './Rail';
import { useSession, useSessionState } from './session';

const KeyHelp = lazy(() => import('./KeyHelp'));
const PasswordDrawer = lazy(() => import('@/pages/session/PasswordDrawer'));

export function Shell() {
  const { session, isLoading, failure } = useSessionState();
  const location = useLocation();
  if (isLoading) return <PageLoading />;
  if (failure !== null && session === null) {
    return (
      <div className="page">
        <Problem problem={failure} onRetry={() => window.location.reload()} />
      </div>
    );
  }
  if (session === null) {
    return <Navigate to={paths.signIn} replace state={{ from: location.pathname + location.search }} />;
  }
  return <SignedIn />;
}

function SignedIn() {
  const { t } = useText();
  const client = useQueryClient();
  const isRailFolded = isFolded(usePreferences(), useWindowWidth());
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isPasswordOpen, setPasswordOpen] = useState(false);
  const { staff } = useSession();
  const may = useSession().permissions.includes('read_orders');
  // The line belongs to the person: another one signing in gets his own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => (may ? openLive(client) : undefined), [client, staff.id, may]);
  useKeys({ '?': () => setHelpOpen(true) });
  return (
    <div className={isRailFolded ? 'shell is-narrow-rail' : 'shell'}>
      <aside className="rail">
        <Rail />
        <div className="rail-foot">
          <button
            type="button"
            className="rail-fold"
            aria-label={t(isRailFolded ? 'app.unfold_rail' : 'app.fold_rail')}
            onClick={() => setPreferences({ isRailFolded: !isRailFolded })}
          >
            {isRailFolded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
          </button>
        </div>
      </aside>
      <header className="topbar">
        <Button
          className="menu-button"
          type="text"
          icon={<MenuOutlined />}
          aria-label={t('app.open_menu')}
          onClick={() => setMenuOpen(true)}
        />
        {may ? <GlobalSearch /> : <span className="grow" />}
        <span className="grow hide-narrow" />
        {may && <HazardButton />}
        <LookButtons onHelp={() => setHelpOpen(true)} />
        <Person onPassword={() => setPasswordOpen(true)} />
      </header>
      <div className="stage">
        {may && <HazardBar />}
        <LiveBanner />
        <Outlet />
      </div>
      <Drawer
        open={isMenuOpen}
        placement="left"
        size={220}
        closable={false}
        onClose={() => setMenuOpen(false)}
        styles={{ body: { padding: 0, background: 'var(--rail)' } }}
      >
        <nav className="rail" style={{ minHeight: '100%' }}>
          <Rail onChosen={() => setMenuOpen(false)} />
        </nav>
      </Drawer>
      <Suspense>
        {isHelpOpen && <KeyHelp onClose={() => setHelpOpen(false)} />}
        {isPasswordOpen && <PasswordDrawer onClose={() => setPasswordOpen(false)} />}
      </Suspense>
    </div>
  );
}

function LookButtons({ onHelp }: { onHelp: () => void }) {
  const { t, isChinese } = useText();
  const { isDark, isCompact } = usePreferences();
  const buttons = [
    {
      name: t(isCompact ? 'app.roomy' : 'app.dense'),
      icon: <ColumnHeightOutlined />,
      act: () => setPreferences({ isCompact: !isCompact }),
    },
    {
      name: t(isDark ? 'app.light' : 'app.dark'),
      icon: <BulbOutlined />,
      act: () => setPreferences({ isDark: !isDark }),
    },
    { name: t('app.help_keys'), icon: <QuestionCircleOutlined />, act: onHelp },
  ];
  return (
    <>
      <span className="row hide-narrow" style={{ gap: 2 }}>
        {buttons.map((button) => (
          <Button
            key={button.name}
            type="text"
            icon={button.icon}
            aria-label={button.name}
            title={button.name}
            onClick={button.act}
          />
        ))}
      </span>
      <Button
        type="text"
        icon={<TranslationOutlined />}
        aria-label={t('app.language')}
        title={t('app.language')}
        onClick={() => void switchLanguage(isChinese ? 'en' : 'zh-CN')}
      />
    </>
  );
}

function Person({ onPassword }: { onPassword: () => void }) {
  const { t, word } = useText();
  const { staff } = useSession();
  const { end } = useSessionState();
  const role = word(Role, staff.role);
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'who',
            label: `${role}${staff.station_name === null ? '' : ` · ${staff.station_name}`}`,
            disabled: true,
          },
          { type: 'divider' },
          { key: 'password', label: t('app.change_password'), onClick: onPassword },
          { key: 'out', label: t('app.sign_out'), onClick: () => void end() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={staff.display_name}>
        <span className="hide-narrow">
          {staff.display_name} · {role}
        </span>
      </Button>
    </Dropdown>
  );
}
