// Stands in for the packages `debug` and `depd` in the bundle. The real `debug` looks for `supports-color`, which is only there
// as somebody's development dependency.
module.exports = () => () => undefined;
