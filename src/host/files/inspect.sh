# Asks the release's own Django, in its real environment. DJD_RELEASE: folder; DJD_ANSWER: where the answer goes.
exec "$DJD_RELEASE/.djdeploy/launch" python "$DJD_RELEASE/.djdeploy/djd_inspect.py" "$DJD_ANSWER"
