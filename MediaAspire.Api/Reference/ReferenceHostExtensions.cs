using System.Text.Json.Serialization;
using MediaAspire.Api.Security;
using Scalar.AspNetCore;

namespace MediaAspire.Api.Reference;

internal static class ReferenceHostExtensions
{
    /// <summary>Adds the OpenAPI document of the REST API; pairs with <see cref="MapReference"/>.</summary>
    /// <remarks>Must come before the services that read connection strings.</remarks>
    public static IHostApplicationBuilder AddReference(this IHostApplicationBuilder builder)
    {
        if (DocumentGeneration.IsRunning)
        {
            DocumentGeneration.Prepare(builder);
        }

        // By default ASP.NET Core also reads numbers from strings, and so would describe every number as a number or a string.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer<ApiDocument>();
            options.AddOperationTransformer((operation, context, _) => ApiDocument.NameHead(operation, context));
            options.AddSchemaTransformer((schema, context, _) => ApiDocument.DescribeProblem(schema, context));
        });

        return builder;
    }

    /// <summary>Maps the document, <c>/openapi/v1.json</c>, and pages to read and try it, <c>/scalar</c>.</summary>
    public static WebApplication MapReference(this WebApplication app)
    {
        app.MapOpenApi().RequireAuthorization(Policies.Admin);

        // Everything comes from this process, and nothing is sent elsewhere: no fonts, proxy, telemetry or chat of Scalar.
        app.MapScalarApiReference("/scalar", options => options
            .WithTitle("MediaAspire")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools()).RequireAuthorization(Policies.Admin);

        return app;
    }
}
