// In this order: the guard has to be there before amqplib is loaded.
import './header-guard.js';
export { connect } from 'amqplib';
