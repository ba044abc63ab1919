/** The identity provider's own pages: complete without JavaScript, one style element under a nonce, in the portal's colours. */
export type Locale = 'it' | 'en';
export type DemoPerson = {
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly note: { readonly it: string; readonly en: string };
};

const TEXTS = {
  it: {
    title: 'Accedi',
    lead: 'Il servizio digitale delle scuole di specializzazione',
    skip: 'Vai al contenuto',
    demo: 'Persone della dimostrazione',
    demoLead: 'Scegli una persona per entrare con un clic. I dati sono inventati.',
    credentials: 'Accedi con le tue credenziali',
    username: 'Nome utente',
    password: 'Password',
    enter: 'Accedi',
    wrong: 'Nome utente o password non corretti.',
    slow: 'Troppi tentativi. Riprova fra {n} secondi.',
    forgot: "Hai perso la password? Chiedi un nuovo invito all'amministratore della tua università.",
    leave: 'Esci da Ateneo',
    leaveLead: 'Stiamo chiudendo la tua sessione.',
    leaveButton: 'Esci',
    broken: 'Accesso non riuscito',
    brokenLead: 'La richiesta di accesso è scaduta o non è valida. Torna alla pagina iniziale e prova di nuovo.',
    away: 'Accesso non disponibile',
    awayLead:
      "Il servizio di accesso dell'università non risponde. Chi è già entrato può continuare a lavorare. Riprova fra qualche minuto.",
    again: 'Riprova',
    left: 'Sei uscito da Ateneo',
    leftLead:
      "Il servizio di accesso dell'università non risponde: la tua sessione lì può essere ancora aperta. Su un computer condiviso chiudi il browser.",
    home: 'Torna alla pagina iniziale',
    error: 'Errore',
    choose: 'Scegli la tua password',
    chooseLead: 'Il collegamento vale 30 minuti e una volta sola.',
    newPassword: 'Nuova password',
    rule: 'Almeno 10 caratteri: una frase è meglio di una parola.',
    save: 'Salva la password',
    tooShort: 'La password deve avere da 10 a 200 caratteri.',
    over: "Questo collegamento non è più valido. Chiedine uno nuovo all'amministratore.",
    saved: 'Password salvata',
    savedLead: 'Il tuo nome utente è',
  },
  en: {
    title: 'Sign in',
    lead: 'The digital service of the medical specialisation schools',
    skip: 'Skip to content',
    demo: 'Demo people',
    demoLead: 'Pick a person and you are in with one click. All data are invented.',
    credentials: 'Sign in with your credentials',
    username: 'User name',
    password: 'Password',
    enter: 'Sign in',
    wrong: 'Wrong user name or password.',
    slow: 'Too many attempts. Try again in {n} seconds.',
    forgot: 'Lost your password? Ask the administrator of your university for a new invitation.',
    leave: 'Sign out of Ateneo',
    leaveLead: 'We are closing your session.',
    leaveButton: 'Sign out',
    broken: 'You are not signed in',
    brokenLead: 'The sign-in request is over or not valid. Go back to the start page and try again.',
    away: 'Sign-in is not available',
    awayLead: 'The sign-in service of the university does not answer. Whoever is signed in can go on working. Try again in a few minutes.',
    again: 'Try again',
    left: 'You have left Ateneo',
    leftLead:
      'The sign-in service of the university does not answer: your session there may still be open. On a shared computer, close the browser.',
    home: 'Back to the start page',
    error: 'Error',
    choose: 'Choose your password',
    chooseLead: 'The link is valid for 30 minutes, once.',
    newPassword: 'New password',
    rule: 'At least 10 characters: a sentence is better than a word.',
    save: 'Save the password',
    tooShort: 'The password must have 10 to 200 characters.',
    over: 'This link is no longer valid. Ask the administrator for a new one.',
    saved: 'Password saved',
    savedLead: 'Your user name is',
  },
} as const;

const ROLES: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  trainee: { it: 'Specializzandi', en: 'Trainees' },
  tutor: { it: 'Tutor', en: 'Tutors' },
  director: { it: 'Direttori di scuola', en: 'School directors' },
  'school-secretariat': { it: 'Segreteria della scuola', en: 'School secretariat' },
  'university-secretariat': { it: "Segreteria dell'ateneo", en: 'University secretariat' },
  administrator: { it: 'Amministrazione', en: 'Administration' },
  integration: { it: 'Integrazioni', en: 'Integrations' },
};

const STYLE = `
*{box-sizing:border-box}html{font:100%/1.5 "Titillium Web",system-ui,sans-serif;color:#17324d;background:#f5f7fa}body{margin:0}
a{color:#0059b3}.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:#fff;padding:.5rem 1rem;z-index:1}
header{background:#0066cc;color:#fff;padding:1.25rem 1.5rem 5.5rem}header div,main{max-width:60rem;margin:0 auto}header strong{font-size:1.5rem;display:block}
main{margin-top:-4rem;padding:0 1rem 3rem}.card{background:#fff;border-radius:8px;box-shadow:0 2px 20px rgba(0,43,85,.12);padding:1.75rem 1.5rem;margin-bottom:1.5rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.125rem;margin:1.5rem 0 .5rem}p{margin:0 0 1rem;max-width:42rem}
ul{list-style:none;margin:0;padding:0;display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(16rem,100%),1fr))}
button,.button{font:inherit;cursor:pointer;border-radius:4px;border:0;background:#0066cc;color:#fff;font-weight:600;padding:.75rem 1.5rem;min-height:48px;text-decoration:none;display:inline-block}
button:hover,.button:hover{background:#0052a3}li button{width:100%;height:100%;text-align:start;background:#fff;color:#17324d;font-weight:400;border:1px solid #c5c7c9;padding:.75rem 1rem}
li button:hover{background:#f0f6fc;border-color:#0066cc}li strong{display:block;color:#0059b3}li small{font-size:.875rem;color:#455a70}
form+p{margin-top:1rem}label{display:block;font-weight:600;margin-bottom:.25rem}input{font:inherit;width:100%;max-width:26rem;min-height:48px;border:1px solid #5c6f82;border-radius:4px;padding:.5rem .75rem;margin-bottom:1rem;display:block;background:#fff;color:inherit}
:focus-visible{outline:3px solid #ff9900;outline-offset:2px}.alert{border-left:4px solid #cc334d;background:#fdf0f2;padding:.75rem 1rem;margin-bottom:1rem;color:#17324d}summary{cursor:pointer;font-weight:600;padding:.5rem 0;min-height:44px}`;

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const typeface = (font: string | undefined): string =>
  font ? `@font-face{font-family:"Titillium Web";src:url(${font}) format("woff2");font-display:swap}` : '';

function shell(locale: Locale, nonce: string, title: string, content: string, font?: string): string {
  const t = TEXTS[locale];
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"><title>${escape(title)} · Ateneo</title><style nonce="${nonce}">${typeface(font)}${STYLE}</style></head><body><a class="skip" href="#content">${t.skip}</a><header><div><strong>Ateneo</strong>${t.lead}</div></header><main id="content">${content}</main></body></html>`;
}

export type SignInPage = {
  readonly locale: Locale;
  readonly nonce: string;
  readonly action: string;
  readonly font?: string;
  readonly people: readonly DemoPerson[];
  readonly username?: string;
  readonly problem?: { readonly is: 'wrong' } | { readonly is: 'slow'; readonly seconds: number };
};

export function signInPage({ locale, nonce, action, font, people, username = '', problem }: SignInPage): string {
  const t = TEXTS[locale];
  const alert = problem
    ? `<p class="alert" role="alert">${problem.is === 'wrong' ? t.wrong : t.slow.replace('{n}', String(problem.seconds))}</p>`
    : '';
  const described = problem ? ' aria-invalid="true"' : '';
  const form = `<form method="post" action="${escape(action)}">${alert}<label for="username">${t.username}</label><input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${escape(username)}"${described}><label for="password">${t.password}</label><input id="password" name="password" type="password" autocomplete="current-password" required${described}><button>${t.enter}</button></form>`;
  if (people.length === 0)
    return shell(locale, nonce, t.title, `<div class="card"><h1>${t.title}</h1>${form}<p>${t.forgot}</p></div>`, font);
  const credentials = `<details class="card"${problem ? ' open' : ''}><summary>${t.credentials}</summary>${form}</details>`;
  return shell(
    locale,
    nonce,
    t.title,
    `<div class="card"><h1>${t.demo}</h1><p>${t.demoLead}</p>${groups(locale, action, people)}</div>${credentials}`,
    font,
  );
}

function groups(locale: Locale, action: string, people: readonly DemoPerson[]): string {
  const roles = [...new Set(people.map(({ role }) => role))];
  const one = ({ username, name, note }: DemoPerson) =>
    `<li><form method="post" action="${escape(action)}"><button name="as" value="${escape(username)}"><strong>${escape(name)}</strong><small>${escape(note[locale])}</small></button></form></li>`;
  return roles
    .map(
      (role) =>
        `<h2>${escape(ROLES[role]?.[locale] ?? role)}</h2><ul>${people
          .filter((person) => person.role === role)
          .map(one)
          .join('')}</ul>`,
    )
    .join('');
}

/** `form` is the provider's; it is sent at once, and by hand where scripts are off. */
export function logoutPage(locale: Locale, nonce: string, form: string): string {
  const t = TEXTS[locale];
  const script = `<script nonce="${nonce}">document.getElementById('op.logoutForm').requestSubmit(document.getElementById('leave'))</script>`;
  return shell(
    locale,
    nonce,
    t.leave,
    `<div class="card"><h1>${t.leave}</h1><p>${t.leaveLead}</p>${form}<button id="leave" form="op.logoutForm" name="logout" value="yes">${t.leaveButton}</button></div>${script}`,
  );
}

export function errorPage(locale: Locale, nonce: string, code: string): string {
  const t = TEXTS[locale];
  return shell(
    locale,
    nonce,
    t.broken,
    `<div class="card"><h1>${t.broken}</h1><p>${t.brokenLead}</p><p><small>${t.error}: ${escape(code)}</small></p><a class="button" href="/">${t.home}</a></div>`,
  );
}

/** The identity provider is away; `retry`: where the sign-in begins again. */
export function providerAwayPage(locale: Locale, nonce: string, retry: string, font?: string): string {
  const t = TEXTS[locale];
  const content = `<div class="card"><h1>${t.away}</h1><p>${t.awayLead}</p><a class="button" href="${escape(retry)}">${t.again}</a></div>`;
  return shell(locale, nonce, t.away, content, font);
}

/** Signed out here, while the identity provider, which has a session of its own, is away. */
export function leftPage(locale: Locale, nonce: string, font?: string): string {
  const t = TEXTS[locale];
  const content = `<div class="card"><h1>${t.left}</h1><p>${t.leftLead}</p><a class="button" href="/">${t.home}</a></div>`;
  return shell(locale, nonce, t.left, content, font);
}

export type InvitationPage = {
  readonly locale: Locale;
  readonly nonce: string;
  readonly secret: string;
  readonly font?: string;
  readonly problem?: 'tooShort' | 'over' | { readonly seconds: number };
};

/** Where an invited person chooses a password. */
export function invitationPage({ locale, nonce, secret, font, problem }: InvitationPage): string {
  const t = TEXTS[locale];
  const text = typeof problem === 'object' ? t.slow.replace('{n}', String(problem.seconds)) : problem && t[problem];
  const alert = text ? `<p class="alert" role="alert">${text}</p>` : '';
  const form = `<form method="post" action="/auth/invitation"><input type="hidden" name="secret" value="${escape(secret)}"><label for="password">${t.newPassword}</label><input id="password" name="password" type="password" autocomplete="new-password" minlength="10" maxlength="200" required aria-describedby="rule"${problem ? ' aria-invalid="true"' : ''}><p id="rule">${t.rule}</p><button>${t.save}</button></form>`;
  return shell(
    locale,
    nonce,
    t.choose,
    `<div class="card"><h1>${t.choose}</h1><p>${t.chooseLead}</p>${alert}${problem === 'over' ? '' : form}</div>`,
    font,
  );
}

export function passwordSavedPage({
  locale,
  nonce,
  username,
  font,
}: {
  locale: Locale;
  nonce: string;
  username: string;
  font?: string;
}): string {
  const t = TEXTS[locale];
  const content = `<div class="card"><h1>${t.saved}</h1><p>${t.savedLead} <strong>${escape(username)}</strong></p><a class="button" href="/auth/sign-in?return=%2Fhome">${t.enter}</a></div>`;
  return shell(locale, nonce, t.saved, content, font);
}
