/** The only thing that this header is ever used for; its text is fixed, because the app acts on it. */
export const LOG_IN_HEADER = 'x-insomnia-command';
export const LOG_IN_AGAIN = `insomnia://app/auth/login?message=${encodeURIComponent('Your session has ended. Log in again.')}`;
