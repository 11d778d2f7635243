// The evidence: what arrived, what is awaited, photos large on a click, sound and video in place.
import { AudioOutlined, ClockCircleOutlined } from '@ant-design/icons';
import { Image, Tag } from 'antd';
import type { EvidenceView, OrderDetail } from '@/api/contract';
import { evidenceAddress } from '@/api/orders';
import { Panel } from '@/components/Page';
import { ShortTime } from '@/components/Time';
import { useText } from '@/i18n';
import { bytes } from '@/util/format';

/** Shown while a picture cannot be read; a plain grey square, in place so that CSP needs no data address. */
const BROKEN = '/broken.svg';

function Medium({ piece, name, size }: { piece: EvidenceView; name: string; size: number }) {
  const { t } = useText();
  if (!piece.has_arrived) {
    return (
      <div className="evidence-missing" style={{ height: size }}>
        <ClockCircleOutlined />
        <span>{t('order.evidence_waiting')}</span>
      </div>
    );
  }
  const address = evidenceAddress(piece.sha256);
  if (piece.kind === 'photo' || piece.kind === 'signature') {
    return <Image src={address} alt={name} height={size} width="100%" fallback={BROKEN} loading="lazy" />;
  }
  if (piece.kind === 'audio') {
    return (
      <div className="evidence-missing" style={{ height: size }}>
        <AudioOutlined />
        {/* biome-ignore lint/a11y/useMediaCaption: sound recorded on site has no captions */}
        <audio controls preload="none" src={address} aria-label={name} />
      </div>
    );
  }
  // biome-ignore lint/a11y/useMediaCaption: video taken on site has no captions
  return <video controls preload="metadata" src={address} style={{ width: '100%', height: size }} />;
}

export function EvidenceWall({ order, size = 108 }: { order: OrderDetail; size?: number }) {
  const { t, isChinese } = useText();
  const nameOf = (piece: EvidenceView) => (isChinese ? piece.slot_name : piece.slot_name_en);
  const pieces = order.evidence;
  const isWhole = order.evidence_arrived >= order.evidence_expected;
  return (
    <Panel
      title={t('order.evidence')}
      tools={
        order.evidence_expected > 0 && (
          <span className={isWhole ? 'muted' : 'tone-soon'}>
            {t('order.evidence_arrived', {
              arrived: order.evidence_arrived,
              expected: order.evidence_expected,
            })}
          </span>
        )
      }
    >
      {pieces.length === 0 ? (
        <>
          <p>{t('order.evidence_empty')}</p>
          <p className="muted">{t('order.evidence_empty_note')}</p>
        </>
      ) : (
        <Image.PreviewGroup>
          <ul
            className="evidence-wall"
            style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${size + 24}px, 1fr))` }}
          >
            {pieces.map((piece) => (
              <li key={piece.sha256} className="evidence-piece">
                <Medium piece={piece} name={nameOf(piece)} size={size} />
                <div className="clip" title={nameOf(piece)}>
                  {nameOf(piece)}
                </div>
                <div className="faint row wrap" style={{ gap: 4 }}>
                  <ShortTime ms={piece.taken_at_ms} />
                  <span>{bytes(piece.size)}</span>
                  {piece.is_imported && <Tag color="warning">{t('order.evidence_imported')}</Tag>}
                  {piece.is_late && <Tag color="warning">{t('order.evidence_late')}</Tag>}
                </div>
              </li>
            ))}
          </ul>
        </Image.PreviewGroup>
      )}
    </Panel>
  );
}
