import {render} from 'preact';
import {App} from './app';
import {startClock} from './state/clock';
import './style/index.css';

startClock();
render(<App />, document.getElementById('app')!);
