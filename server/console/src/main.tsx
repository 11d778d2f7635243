// Start: colours and language first, so that nothing flashes, then the application.
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { applyColours } from './app/preferences';
import { startI18n } from './i18n';
import './ui/base.css';
import './ui/signs.css';
import './ui/lists.css';
import './ui/frame.css';
import './ui/board.css';
import './ui/order.css';
import './ui/pages.css';
import './ui/work.css';

applyColours();
void startI18n().then(() => {
  const root = document.getElementById('root');
  if (root !== null) createRoot(root).render(<App />);
});
