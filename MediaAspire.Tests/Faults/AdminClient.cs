using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Faults;

/// <summary>An operator's requests to a damaged cluster.</summary>
internal sealed class AdminClient(Uri admin, string key) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = admin,
        Timeout = TimeSpan.FromSeconds(30),
        DefaultRequestHeaders = { { TestApiKey.Header, key } },
    };

    public void Dispose() => _http.Dispose();

    /// <summary>Starts a scrub.</summary>
    /// <returns>False while another scrub is open.</returns>
    public async Task<bool> TryStartScrubAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync("/admin/scrub/start", content: null, cancellationToken);
        Expect(response, HttpStatusCode.Accepted, HttpStatusCode.Conflict);
        return response.StatusCode == HttpStatusCode.Accepted;
    }

    /// <summary>Starts an integrity check of all chunks and disks.</summary>
    /// <returns>The time of the request; checks that started later satisfy it.</returns>
    public async Task<DateTimeOffset> StartIntegrityCheckAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync("/admin/integrity/check", content: null, cancellationToken);
        Expect(response, HttpStatusCode.Accepted);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("requestedAt").GetDateTimeOffset();
    }

    /// <summary>Lists the findings of the integrity report, and the checks that have not run since the given time.</summary>
    public async Task<IReadOnlyList<string>> ListIntegrityComplaintsAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var report = await _http.GetFromJsonAsync<JsonElement>("/admin/integrity", cancellationToken);
        var complaints = new List<string>();
        if (!report.GetProperty("clean").GetBoolean())
        {
            complaints.Add($"the integrity report is not clean: {report.GetProperty("counts")} {report.GetProperty("findings")}");
        }

        if (!IsLater(report.GetProperty("walk").GetProperty("lastStartedAt"), since))
        {
            complaints.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"no walk over all chunks that started after {since:HH:mm:ss.fff} has ended: {report.GetProperty("walk")}"));
        }

        foreach (var disk in report.GetProperty("disks").EnumerateArray().Where(disk => !IsLater(disk.GetProperty("lastStartedAt"), since)))
        {
            complaints.Add($"no comparison of {disk.GetProperty("server")} that started after {since:HH:mm:ss.fff} has ended");
        }

        return complaints;
    }

    /// <summary>Lists the damage that the last scrub found, or the scrub that is still open.</summary>
    public async Task<IReadOnlyList<string>> ListScrubComplaintsAsync(CancellationToken cancellationToken)
    {
        var status = await _http.GetFromJsonAsync<JsonElement>("/admin/scrub", cancellationToken);
        if (status.GetProperty("current") is { ValueKind: not JsonValueKind.Null } current)
        {
            return [$"a scrub is open: {current}"];
        }

        var last = status.GetProperty("last")[0];
        return last.GetProperty("verified").GetInt64() == last.GetProperty("copies").GetInt64() ? [] : [$"the scrub found damage: {last}"];
    }

    private static bool IsLater(JsonElement time, DateTimeOffset since) =>
        time.ValueKind == JsonValueKind.String && time.GetDateTimeOffset() >= since;

    private static void Expect(HttpResponseMessage response, params ReadOnlySpan<HttpStatusCode> expected)
    {
        if (!expected.Contains(response.StatusCode))
        {
            throw new HttpRequestException($"{response.RequestMessage?.RequestUri} was answered with {(int)response.StatusCode}.");
        }
    }
}
