using System.Net;

namespace MediaAspire.Tests.Faults.Kills;

/// <summary>The API's HTTP while its processes are killed: a request has a response, or it is lost.</summary>
internal sealed class KillableApi(HttpClient http, UploadKillCounts counts)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends a request once.</summary>
    /// <returns>The response and its text; <see langword="null"/> when it was lost, or refused with 503.</returns>
    public async Task<ApiAnswer?> TryAsync(HttpMethod method, string path, Stream? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StreamContent(body);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                var fields = response.Headers.NonValidated.ToDictionary(
                    field => field.Key, field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase);
                return new(response.StatusCode, fields, bytes);
            }

            counts.Add("answers 503");
        }
        catch (Exception lost) when (FileProbe.IsLost(lost))
        {
            counts.Add("requests lost");
        }

        await Task.Delay(s_pause, TimeProvider.System, CancellationToken.None);
        return null;
    }

    /// <summary>Repeats something until it has an answer.</summary>
    public static async Task<T> RepeatAsync<T>(string what, Func<Task<T?>> attempt)
        where T : class
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            if (await attempt() is { } answer)
            {
                return answer;
            }

            Assert.False(limit.IsCancellationRequested, $"{what}: no answer within {s_patience}.");
        }
    }

    /// <summary>Repeats a request without a body until it has an answer.</summary>
    public Task<ApiAnswer> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) =>
        RepeatAsync($"{method} {path}", () => TryAsync(method, path, null, headers));
}

/// <summary>A response.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    /// <summary>Asserts the status.</summary>
    public ApiAnswer Expect(string what, params HttpStatusCode[] statuses)
    {
        Assert.True(statuses.Contains(Status), $"{what}: {(int)Status} {(Bytes.Length > 4096 ? "" : Text)}");
        return this;
    }
}
