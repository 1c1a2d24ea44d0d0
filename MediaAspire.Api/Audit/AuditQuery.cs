using System.ComponentModel;
using System.Globalization;
using System.Net;
using MediaAspire.Core.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MediaAspire.Api.Audit;

/// <summary>The selection of events in a request.</summary>
internal sealed record AuditQuery
{
    [FromQuery, Description("Only events at or after this time (ISO 8601).")]
    public string? From { get; init; }

    [FromQuery, Description("Only events before this time (ISO 8601).")]
    public string? To { get; init; }

    [FromQuery, Description("rest, admin or s3.")]
    public string? Api { get; init; }

    [FromQuery, Description("The public id of a key.")]
    public string? Actor { get; init; }

    [FromQuery, Description("The id of an owner.")]
    public string? Owner { get; init; }

    [FromQuery, Description("The address of the client, or a network.")]
    public string? Address { get; init; }

    [FromQuery, Description("The name of an operation, such as DeleteObject.")]
    public string? Action { get; init; }

    [FromQuery, Description("The changed resource, such as /bucket/key; with * at the end, a prefix.")]
    public string? Resource { get; init; }

    [FromQuery, Description("done, refused or failed.")]
    public string? Outcome { get; init; }

    [FromQuery, Description("Only events behind this one; the last page's \"next\", or the last event of an export.")]
    public string? After { get; init; }

    [FromQuery, Description("Events on a page, 1 to 1000; of an export, the most lines.")]
    public int? Limit { get; init; }

    /// <returns>The filter; or the problem.</returns>
    public (AuditFilter? Filter, ProblemHttpResult? Problem) Read()
    {
        DateTimeOffset? from = null, to = null;
        if (From is { } start && !TryParse(start, out from))
        {
            return (null, AuditErrors.InvalidTime("from", start));
        }

        if (To is { } end && !TryParse(end, out to))
        {
            return (null, AuditErrors.InvalidTime("to", end));
        }

        IPNetwork? network = null;
        if (Address is { } address && (network = Network(address)) is null)
        {
            return (null, AuditErrors.InvalidAddress(address));
        }

        if (Api is { } api && !AuditNames.IsApi(api))
        {
            return (null, AuditErrors.InvalidChoice("api", api, "rest, admin or s3"));
        }

        if (Outcome is { } outcome && !AuditNames.IsOutcome(outcome))
        {
            return (null, AuditErrors.InvalidChoice("outcome", outcome, "done, refused or failed"));
        }

        foreach (var (name, value) in new[] { ("actor", Actor), ("owner", Owner), ("action", Action), ("resource", Resource) })
        {
            if (value?.Contains('\0', StringComparison.Ordinal) is true)
            {
                return (null, AuditErrors.InvalidChoice(name, value, "a text without NUL"));
            }
        }

        return (new AuditFilter
        {
            From = from,
            To = to,
            Api = Api,
            Actor = Actor,
            Owner = Owner,
            Address = network,
            Action = Action,
            Resource = Resource,
            Outcome = Outcome,
        }, null);
    }

    private static bool TryParse(string text, out DateTimeOffset? time)
    {
        var isTime = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed);
        time = parsed;
        return isTime;
    }

    private static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
