{
  "place": {{place}},
  "title": { "it": "{{title-it}}", "en": "{{title-en}}" },
  "about": "{{title-en}}",
  "instances": 2
}
