// Says so when the live line is down and how old the picture is. Silent when all is well.
import { DisconnectOutlined } from '@ant-design/icons';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { liveState, subscribeLive } from '@/api/live';
import { useNow } from '@/hooks/useNow';
import { useText } from '@/i18n';
import { agoWords } from '@/util/countdown';

/** A short break (server restart, sleeping laptop) is not worth a banner. */
const PATIENCE_MS = 3000;

export function LiveBanner() {
  const { t, isChinese } = useText();
  const now = useNow();
  const { isConnected, heardAtMs } = useSyncExternalStore(subscribeLive, liveState);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (isConnected) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isConnected]);
  if (!isShown) return null;
  const age = agoWords(heardAtMs === 0 ? now : heardAtMs, now, isChinese);
  return (
    <div className="live-banner" role="status">
      <DisconnectOutlined />
      {t('app.live_down', { age })}
    </div>
  );
}
