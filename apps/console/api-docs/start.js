/* global SwaggerUIBundle */
const session = await (await fetch('/api/v1/session')).json();

SwaggerUIBundle({
  url: '/api/v1/openapi.json',
  domNode: document.getElementById('api'),
  deepLinking: true,
  // The badge of a validator on another site.
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (session.csrf_token) request.headers['X-CSRF-Token'] = session.csrf_token;
    return request;
  },
});
