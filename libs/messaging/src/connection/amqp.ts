// Order matters: the guard must run before amqplib is loaded.
import './header-guard.js';
export { connect, credentials } from 'amqplib';
