// The viewer of `monolens check` reports. A report is read in the browser and sent nowhere.

import {useState} from 'preact/hooks';
import {parseReports, type Report} from '../../api/report';
import {wordsOf} from '../../api/errors';
import {Icon} from '../../parts/icon';
import {ReportPage} from './report_page';

export function ReportView() {
  const [reports, setReports] = useState<Report[]>([]);
  const [at, setAt] = useState(0);
  const [words, setWords] = useState('');
  const [over, setOver] = useState(false);
  const read = async (file: File | undefined) => {
    setOver(false);
    if (!file) return;
    try {
      setReports(parseReports(await file.text()));
      setAt(0);
      setWords('');
    } catch (error) {
      setWords(wordsOf(error));
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void read(event.dataTransfer?.files[0]);
  };
  const report = reports[at];
  return (
    <div class="report" onDragOver={(e) => (e.preventDefault(), setOver(true))} onDragLeave={() => setOver(false)} onDrop={drop}>
      {!report && <h1>Report</h1>}
      <label class={`drop ${over ? 'drop-over' : ''} ${report ? 'drop-small' : ''}`}>
        <Icon name="download" />
        <span>{report ? 'Another report: drop it, or choose a file' : 'Drop the report of “monolens check --report FILE.json” here, or choose it'}</span>
        <input type="file" accept=".json,application/json" onChange={(e) => void read(e.currentTarget.files?.[0])} />
      </label>
      {words && <p class="wrong" role="alert">{words}</p>}
      {reports.length > 1 && (
        <select aria-label="Input" value={at} onChange={(e) => setAt(Number(e.currentTarget.value))}>
          {reports.map((each, i) => <option key={i} value={i}>{each.input.url}</option>)}
        </select>
      )}
      {report && <ReportPage key={`${at} ${report.input.url}`} report={report} />}
    </div>
  );
}
