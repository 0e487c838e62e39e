import { ENDPOINTS } from './endpoints/endpoints.js';
import { openApiDocument } from './http/open-api.js';

process.stdout.write(JSON.stringify(openApiDocument(ENDPOINTS)));
