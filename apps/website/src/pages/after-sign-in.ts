/** Back to the app if it sent the person here, else to what they have. */
export const afterSignIn = (query: URLSearchParams): string =>
  query.has('loginKey') ? `/app/auth-app/?${query}` : '/app/dashboard/organizations';
