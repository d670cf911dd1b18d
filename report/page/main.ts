import type { ReportDocument } from '../model/document.ts';
import { AgeRule } from './age-rule.ts';
import { areaName, titleOf } from './area-head.ts';
import { el } from './dom.ts';
import { shown } from './format.ts';
import { jobView } from './job-view.ts';
import { linkedBy } from './links.ts';
import { overview } from './overview.ts';
import { themeChoice } from './theme.ts';

/** Draws the report that is embedded in the page. */

function draw(report: ReportDocument, page: HTMLElement): void {
  const rule = new AgeRule(report.ages.bounds);
  const main = el('main', { id: 'main', tabindex: -1 });
  page.replaceChildren(
    el('nav', { 'aria-label': 'Page' }, el('a', { href: '#', class: 'home' }, 'Flink Steward'), themeChoice()),
    main,
    el('footer', {}, 'Made by Flink Steward. This page is a single file and sends no requests.'),
  );
  let shownView: string | undefined;
  const show = (): void => {
    const { job, missing } = linkedBy(location.hash, report);
    const name = JSON.stringify([job?.label, missing]);
    // The browser itself follows links to sections of the shown view.
    if (name === shownView) return;
    const isFirst = shownView === undefined;
    shownView = name;
    rule.forget();
    const view = el(
      'div',
      { class: 'view' },
      missing === null ? null : notice(missing),
      job === null ? overview(report, rule) : jobView(report, job, rule),
    );
    main.replaceChildren(view);
    document.title = `${job === null ? areaName(report) : titleOf(job.label)} – Flink Steward`;
    if (!isFirst) {
      scrollTo(0, 0);
      main.focus({ preventScroll: true });
    }
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  };
  addEventListener('hashchange', show);
  addEventListener('keydown', ({ key, target }) => {
    // In a field the key belongs to the field.
    const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (key === 'Escape' && !isField && location.hash !== '') location.hash = '';
  });
  show();
}

function notice(job: string): HTMLElement {
  return el(
    'p',
    { class: 'notice', role: 'status' },
    `This report has no job ${shown(job)}. All jobs that it has are listed below.`,
  );
}

const page = document.getElementById('page');
const embedded = document.getElementById('report')?.textContent;
if (page !== null && embedded) {
  draw(JSON.parse(embedded) as ReportDocument, page);
}
