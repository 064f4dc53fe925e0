import { render } from 'preact';
import { App, readView } from './app.tsx';
import { takeToken } from './session.ts';

const place = document.getElementById('page');
if (place !== null) {
  const readAddress = () => {
    takeToken();
    readView();
  };
  readAddress();
  window.addEventListener('hashchange', readAddress);
  render(<App />, place);
}
