// One monitor: what it is, what is wrong with it now, and what was over time.

import {Empty, Failed, Loading} from '../../parts/notice';
import {to} from '../../route';
import {monitors, monitorsError, readMonitors, watchedOf} from '../../state/monitors';
import {History} from './history';
import {MonitorHead} from './monitor_head';
import {Now} from './now';

export function MonitorView({id}: {id: string}) {
  const watched = watchedOf(id);
  if (monitors.value === null) {
    return monitorsError.value ? <Failed words={monitorsError.value} retry={() => void readMonitors()} />
      : <Loading what="the monitor" />;
  }
  if (!watched) {
    return (
      <Empty title="There is no such monitor">
        <p>It may have been removed. <a href={to.incidents({monitor: id})}>Its incidents are kept.</a></p>
      </Empty>
    );
  }
  return (
    <>
      <MonitorHead watched={watched} />
      <Now watched={watched} />
      <History monitor={watched.monitor} />
    </>
  );
}
