/** What leads on from settings that could not be judged, as one line. */
export const WAY_OUT =
  "name the module that production uses with --settings (or django.settings in djdeploy.yml), or give the variables it needs under env.vars, or state what you know under lint.assume; a deploy judges the settings in the release's own environment before the switch";
