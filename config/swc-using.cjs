// The import checker walks syntax trees with @swc/core's visitor, which parses `using` and `await using`
// declarations but throws when it visits one. They can hold no import but in their initialisers.
const { Visitor } = require("@swc/core/Visitor.js");

const visitStatement = Visitor.prototype.visitStatement;

Visitor.prototype.visitStatement = function visitStatementOrUsing(statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};
