// Run in a copy of the repository in which a context `surveys` was generated: starts everything and asks it through HTTP.
import 'reflect-metadata';
import { RunningPlatform } from './running-platform.js';

const platform = await RunningPlatform.start({ demo: true });
try {
  const office = await platform.http(platform.world.administrator.username);
  const reader = await platform.http(platform.world.schools[0].trainees[0]!.username);
  const survey = { surveyId: '0198c0de-0000-7000-8000-0000000000aa', title: 'Opinione', closesOn: '2030-01-31' };
  const told = [
    await office('POST', '/surveys', survey),
    await reader('POST', '/surveys', { ...survey, surveyId: '0198c0de-0000-7000-8000-0000000000bb' }),
    await office('POST', '/surveys', { ...survey, closesOn: '2030-02-30' }),
  ];
  const after = (told[0]?.body as { token: string }).token;
  const listed = await reader('GET', `/surveys?after=${encodeURIComponent(after)}`);
  console.log(JSON.stringify({ status: told.map(({ status }) => status), listed: listed.body }));
} finally {
  await platform.close();
}
