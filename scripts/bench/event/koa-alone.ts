import Router from '@koa/router';
import Koa from 'koa';

// The script whose loading is measured beside the resource's: Koa and its router, one route, and nothing else.
const router = new Router();
router.post('/event', (ctx) => {
  ctx.body = 'ok';
});
const app = new Koa();
app.use(router.routes()).use(router.allowedMethods());
app.callback();
