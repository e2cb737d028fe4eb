"use strict";
window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#api",
    deepLinking: true,
    defaultModelsExpandDepth: 1,
    docExpansion: "list",
    validatorUrl: null,
  });
});
