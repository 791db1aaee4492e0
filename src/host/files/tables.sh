# Behind the migrations: whether the models find their tables. DJD_RELEASE: folder. Arguments: aliases of databases.
exec "$DJD_RELEASE/.djdeploy/launch" python "$DJD_RELEASE/.djdeploy/djd_models.py" "$@"
