const COLUMNS =
  'external_id,student_number,kind,performed_on,activities,unit,quantity,autonomy,surgical_role,participation,setting,purpose,diagnosis,procedure,simulated,period_from,period_to,credits,credited_to,state,validator,note'.split(
    ',',
  );
export type Row = Partial<Record<string, string>>;

/** An activity that waits for its tutor, under an id, on a day. */
export const submittedRow = (studentNumber: string, id: string, on: string): Row => ({
  external_id: id,
  student_number: studentNumber,
  kind: 'professional',
  performed_on: on,
  activities: 'CHIR-402-02',
  quantity: '1',
  surgical_role: 'first-operator',
  state: 'submitted',
});

/** Rows as a CSV; what is not said is empty, but for number, day and activity. */
export function csv(rows: readonly Row[]): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [
    COLUMNS.join(','),
    ...rows.map((row, i) =>
      COLUMNS.map((column) =>
        quoted(
          row[column] ??
            (
              {
                external_id: `row-${i + 1}`,
                student_number: '0012345',
                performed_on: row['period_from'] ? '' : '2025-03-10',
                activities: 'GINE-402-02',
              } as Row
            )[column] ??
            '',
        ),
      ).join(','),
    ),
  ].join('\r\n');
}
