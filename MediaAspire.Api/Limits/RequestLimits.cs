using MediaAspire.Core.Limits;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Limits;

/// <summary>Decides whether a request is served now, by the rate of its sender and the requests that are being served.</summary>
internal sealed partial class RequestLimits
{
    /// <summary>The time after which a request that found no place is to be repeated.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly SharedRateLimiter _rates;
    private readonly KeyLimitSnapshot _keys;
    private readonly LimitOptions _options;
    private readonly RateLimit? _ofKeys;
    private readonly RateLimit? _ofAddresses;
    private readonly LimitMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public RequestLimits(
        SharedRateLimiter rates,
        KeyLimitSnapshot keys,
        IOptions<LimitOptions> options,
        LimitMetrics metrics,
        TimeProvider time,
        ILogger<RequestLimits> logger)
    {
        (_rates, _keys, _options, _metrics, _time, _logger) = (rates, keys, options.Value, metrics, time, logger);
        (_ofKeys, _ofAddresses) = (_options.OfKeys, _options.OfAddresses);
        Uploads = PlacesOf(_options.MaxConcurrentUploads, _options.MaxShareOfOneSender);
        Downloads = PlacesOf(_options.MaxConcurrentDownloads, _options.MaxShareOfOneSender);
        metrics.ShowTransfers(() => Uploads.Taken, () => Downloads.Taken);
    }

    /// <summary>Gets the places of requests with a body.</summary>
    public Places Uploads { get; }

    /// <summary>Gets the places of requests without a body.</summary>
    public Places Downloads { get; }

    /// <summary>Decides on a request that transfers bytes. A key without a limit costs no call to Redis.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sender">Its authenticated sender.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async ValueTask<RequestAdmission> AdmitAsync(HttpContext http, LimitedSender sender, CancellationToken cancellationToken)
    {
        var own = sender.Key is { } key ? _keys.Find(key) : null;
        if (await TakeAsync(http, sender, own, cancellationToken) is { IsAllowed: false } refused)
        {
            return new(default, RequestRefusal.Rate, refused.RetryAfter);
        }

        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };
        var places = hasBody ? Uploads : Downloads;
        var holder = sender.Key?.Id ?? ClientAddress.NameOf(http.Connection.RemoteIpAddress);
        if (places.TryTake(holder, own?.MaxConcurrent) is not { } place)
        {
            _metrics.Refused(LimitMetrics.Concurrency);
            return new(default, RequestRefusal.Concurrency, RetryAfter);
        }

        return new(new RequestLease(place, hasBody ? StartDeadline(http) : null), Refusal: null, default);
    }

    /// <summary>Counts a request against the rate of its sender only.</summary>
    public ValueTask<RateDecision> TakeAsync(HttpContext http, LimitedSender sender, CancellationToken cancellationToken) =>
        TakeAsync(http, sender, sender.Key is { } key ? _keys.Find(key) : null, cancellationToken);

    private async ValueTask<RateDecision> TakeAsync(
        HttpContext http, LimitedSender sender, KeyLimits? own, CancellationToken cancellationToken)
    {
        if (sender.Key is { } key)
        {
            return (own?.Rate ?? _ofKeys) is { } rate
                ? Counted(await _rates.TakeAsync(NameOf(key), rate, cancellationToken), LimitMetrics.KeyRate)
                : RateDecision.Allowed;
        }

        return _ofAddresses is { } limit
            ? Counted(
                await _rates.TakeAsync($"address:{ClientAddress.NameOf(http.Connection.RemoteIpAddress)}", limit, cancellationToken),
                LimitMetrics.AddressRate)
            : RateDecision.Allowed;
    }

    private static string NameOf(LimitedKey key) => $"{(key.IsAccessKey ? "access-key" : "api-key")}:{key.Id}";

    private static Places PlacesOf(int total, int share) => new(total, Math.Max(1, (int)((long)total * share / 100)));

    private RateDecision Counted(RateDecision decision, string reason)
    {
        if (!decision.IsAllowed)
        {
            _metrics.Refused(reason);
        }

        return decision;
    }

    // A body that its length and the least rate already bound needs no timer: nearly every one.
    private ITimer? StartDeadline(HttpContext http)
    {
        if (http.Request.ContentLength is { } length
            && _options.MinBodyBytesPerSecond > 0
            && _options.BodyGrace + TimeSpan.FromSeconds((double)length / _options.MinBodyBytesPerSecond) <= _options.MaxBodyDuration)
        {
            return null;
        }

        return _time.CreateTimer(_ => Expire(http), state: null, _options.MaxBodyDuration, Timeout.InfiniteTimeSpan);
    }

    private void Expire(HttpContext http)
    {
        _metrics.BodyExpired();
        LogExpired(_logger, http.Request.Method, http.Request.Path, _options.MaxBodyDuration);
        http.Abort();
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Aborted {Method} {Path}: its body had not arrived after {Duration} (Limits:MaxBodyDuration)")]
    private static partial void LogExpired(ILogger logger, string method, PathString path, TimeSpan duration);
}
