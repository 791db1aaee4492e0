const SECRET = /SECRET|PASSWORD|TOKEN|API_?KEY|PRIVATE|CREDENTIAL|DSN|ACCESS_KEY|_KEY$/;

/** Does the name say that its value must not be shown? */
export const isSecret = (name: string): boolean => SECRET.test(name);
