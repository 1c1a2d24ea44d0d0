using MediaAspire.Api.Ownership;
using MediaAspire.Api.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Api.NamedFiles;

/// <summary>Creates the responses to requests for named files.</summary>
internal sealed class NamedFileDownloads(NamedFileReading reading, ILogger<NamedFileDownload> logger)
{
    public Results<NamedFileDownload, ProblemHttpResult> Of(HttpRequest request)
    {
        var query = request.Query;
        foreach (var (parameter, maxBytes) in new[] { ("client_id", FileNames.MaxClientIdBytes), ("name", FileNames.MaxNameBytes) })
        {
            if (Check(query[parameter], maxBytes) is { } reason)
            {
                return NamedFileErrors.InvalidParameter(parameter, reason);
            }
        }

        if (query["owner"] is { Count: > 1 })
        {
            return NamedFileErrors.InvalidParameter("owner", "occurs more than once");
        }

        return OwnerSelector.Select(request.HttpContext.GetCaller(), query["owner"], out var owner) is { } problem
            ? problem
            : new NamedFileDownload(new(owner, query["client_id"]!, query["name"]!), reading, logger);
    }

    private static string? Check(StringValues values, int maxBytes) => values switch
    {
        { Count: 0 } => "is missing",
        { Count: > 1 } => "occurs more than once",
        _ => FileNames.Check(values, maxBytes),
    };
}
