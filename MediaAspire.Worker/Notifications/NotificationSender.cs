using System.Net;
using System.Net.Http.Headers;
using System.Security;
using MediaAspire.Core.Notifications;
using Microsoft.Extensions.Options;

namespace MediaAspire.Worker.Notifications;

/// <summary>Posts events to targets.</summary>
/// <remarks>Thread-safe. It follows no redirect: only an operator chooses addresses. Of a response only the status counts.</remarks>
internal sealed class NotificationSender(IHttpClientFactory clients, IOptions<NotificationOptions> options, TimeProvider time)
{
    public const string ClientName = "notifications";

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    /// <summary>Reads the token of a target.</summary>
    /// <returns>The token, empty for none; or the reason for which it cannot be sent.</returns>
    public static async Task<(string Token, string? Error)> ReadTokenAsync(
        NotificationTargetOptions target, CancellationToken cancellationToken)
    {
        if (target.TokenFile.Length == 0)
        {
            return (target.Token, null);
        }

        try
        {
            var token = (await File.ReadAllTextAsync(target.TokenFile, cancellationToken)).Trim();
            return token.Length > 0 && NotificationOptions.IsToken(token)
                ? (token, null)
                : ("", $"The file '{target.TokenFile}' does not contain a token of printable ASCII characters without spaces.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SecurityException)
        {
            return ("", $"The file '{target.TokenFile}' cannot be read: {failure.Message}");
        }
    }

    /// <summary>Posts events in one request.</summary>
    public async Task<SendResult> SendAsync(
        NotificationTargetOptions target, string token, IReadOnlyList<NotificationEvent> events, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new ByteArrayContent(NotificationMessage.Write(events)) { Headers = { ContentType = s_json } },
        };
        if (token.Length > 0)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await clients.CreateClient(ClientName)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(response.StatusCode);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(SendOutcome.Unavailable, $"The target did not respond within {options.Value.Timeout}.");
        }
        catch (HttpRequestException failure)
        {
            return new(SendOutcome.Unavailable, failure.Message);
        }
    }

    /// <summary>
    /// Decides by a status whether the target does not work, or whether it works and refuses these events. A wrong secret and an overload
    /// concern every event alike.
    /// </summary>
    internal static SendResult Judge(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => new(SendOutcome.Delivered, ""),
        401 or 403 or 407 or 408 or 429 or 502 or 503 or 504 => new(SendOutcome.Unavailable, $"The target responded with {(int)status}."),
        _ => new(SendOutcome.Refused, $"The target responded with {(int)status}."),
    };
}

/// <summary>The result of a request.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Error">The reason, without secrets.</param>
internal readonly record struct SendResult(SendOutcome Outcome, string Error);

/// <summary>The outcomes of a request.</summary>
internal enum SendOutcome
{
    Delivered,

    /// <summary>The target does not want these events. Others may succeed.</summary>
    Refused,

    /// <summary>The target does not work. Every event waits.</summary>
    Unavailable,
}
