using MediaAspire.Api.Security;
using Microsoft.OpenApi;

namespace MediaAspire.Api.Reference;

/// <summary>The part of the OpenAPI document that describes API keys.</summary>
internal static class SecurityDescription
{
    private const string HeaderScheme = "apiKey";
    private const string BearerScheme = "bearer";

    /// <summary>Adds the two ways to send a key, and the responses to requests that are refused for it.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [HeaderScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyHeaders.Name,
                Description = "An API key, `ma_<keyId>_<secret>`.",
            },
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same key as a bearer token.",
            },
        };
        document.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(HeaderScheme, document)] = [] },
            new() { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] },
        ];
    }

    /// <summary>Adds the responses to requests that are refused for their key.</summary>
    public static void AddTo(OpenApiOperation operation)
    {
        operation.Responses ??= [];
        operation.Responses["401"] = new OpenApiResponse { Description = "The API key is missing or not valid." };
        operation.Responses.TryAdd(
            "403", new OpenApiResponse { Description = "The API key lacks the scope, or is not accepted from this address." });
    }
}
