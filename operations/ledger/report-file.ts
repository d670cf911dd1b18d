/** Where the ledger keeps the page of the last survey: HTML, one file. */
export const REPORT_FILE = 'report/report.html';
