using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MediaAspire.ServiceDefaults;

/// <summary>
/// Writes a health report: as JSON with an entry for each dependency where <see cref="IDiagnosticsAccess"/> allows it, otherwise only the
/// word of the status. The details name hosts and errors of the inside.
/// </summary>
/// <example><c>{"status":"Healthy","checks":{"media":{"status":"Healthy","seconds":0.002}}}</c></example>
internal static class HealthReportWriter
{
    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (context.RequestServices.GetService<IDiagnosticsAccess>() is { } access && await access.AllowsAsync(context))
        {
            await WriteDetailsAsync(context, report);
        }
        else
        {
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
        }
    }

    private static async Task WriteDetailsAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";

        await using var json = new Utf8JsonWriter(context.Response.Body);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status.ToString());
            json.WriteNumber("seconds", Math.Round(entry.Duration.TotalSeconds, 6));

            // Only the exception's message: a stack trace belongs in the log.
            if ((entry.Description ?? entry.Exception?.Message) is { } description)
            {
                json.WriteString("description", description);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
