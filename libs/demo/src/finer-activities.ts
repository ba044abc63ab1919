/** Activities that the demo's schools have added to the derived ones: what people search for by name. */
export const FINER: Readonly<
  Record<string, readonly { readonly slug: string; readonly it: string; readonly en: string; readonly feeds: readonly string[] }[]>
> = {
  CHIR: [
    { slug: 'colecistectomia-vls', it: 'Colecistectomia videolaparoscopica (VLS)', en: 'Laparoscopic cholecystectomy', feeds: ['02'] },
    { slug: 'appendicectomia', it: 'Appendicectomia', en: 'Appendicectomy', feeds: ['02'] },
    { slug: 'emicolectomia-destra', it: 'Emicolectomia destra', en: 'Right hemicolectomy', feeds: ['01'] },
    { slug: 'resezione-gastrica', it: 'Resezione gastrica', en: 'Gastric resection', feeds: ['01'] },
    { slug: 'tiroidectomia', it: 'Tiroidectomia totale', en: 'Total thyroidectomy', feeds: ['02'] },
    { slug: 'ernia-inguinale', it: 'Ernioplastica inguinale', en: 'Inguinal hernia repair', feeds: ['03'] },
    { slug: 'asportazione-lipoma', it: 'Asportazione di lipoma', en: 'Lipoma excision', feeds: ['03'] },
    { slug: 'incisione-ascesso', it: 'Incisione e drenaggio di ascesso', en: 'Abscess incision and drainage', feeds: ['03'] },
    { slug: 'sutura-ferita', it: 'Sutura di ferita', en: 'Wound suture', feeds: ['03'] },
    { slug: 'posizionamento-drenaggio', it: 'Posizionamento di drenaggio', en: 'Drain placement', feeds: ['03'] },
  ],
  ORTO: [
    { slug: 'protesi-anca', it: "Protesi totale d'anca", en: 'Total hip replacement', feeds: ['02'] },
    { slug: 'artroscopia-ginocchio', it: 'Artroscopia di ginocchio', en: 'Knee arthroscopy', feeds: ['03'] },
    { slug: 'riduzione-frattura-polso', it: 'Riduzione di frattura di polso', en: 'Wrist fracture reduction', feeds: ['01'] },
    { slug: 'tunnel-carpale', it: 'Decompressione del tunnel carpale', en: 'Carpal tunnel release', feeds: ['04'] },
  ],
  GINE: [
    { slug: 'ecografia-ostetrica', it: 'Ecografia ostetrica', en: 'Obstetric ultrasound', feeds: ['01'] },
    { slug: 'parto-spontaneo', it: 'Parto spontaneo', en: 'Spontaneous delivery', feeds: ['02'] },
    { slug: 'isterectomia-addominale', it: 'Isterectomia addominale', en: 'Abdominal hysterectomy', feeds: ['05'] },
    { slug: 'laparoscopia-operativa', it: 'Laparoscopia operativa', en: 'Operative laparoscopy', feeds: ['06'] },
    { slug: 'isteroscopia', it: 'Isteroscopia', en: 'Hysteroscopy', feeds: ['07'] },
  ],
  UROL: [
    { slug: 'cistoscopia', it: 'Cistoscopia', en: 'Cystoscopy', feeds: ['04'] },
    { slug: 'turp', it: 'Resezione transuretrale di prostata (TURP)', en: 'Transurethral resection of the prostate', feeds: ['03'] },
    { slug: 'nefrectomia', it: 'Nefrectomia', en: 'Nephrectomy', feeds: ['02'] },
  ],
  MEU: [{ slug: 'ecografia-fast', it: 'Ecografia FAST', en: 'FAST ultrasound', feeds: ['17'] }],
};
