/** Where base images, layers and the disks of hosts live: outside the checkout, shared by all of them. */
export const cacheFolder = process.env.DJDEPLOY_LAB_CACHE ?? "/var/cache/djdeploy-lab";

/** What is running now: one record per host, and the lock that guards them. Gone after a reboot of the machine. */
export const stateFolder = "/run/djdeploy-lab";
