using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaAspire.Core.Limits;

/// <summary>Limits on senders and their bodies. Bound from the <c>Limits</c> section; the same in every process of the API.</summary>
public sealed class LimitOptions : IValidatableObject
{
    public const string SectionName = "Limits";

    /// <summary>Gets or sets the requests that a key without a limit of its own may send each second.</summary>
    /// <value>Without it, which is the default, only keys with a limit of their own have one.</value>
    [Range(0.01, 1_000_000)]
    public double? KeyRequestsPerSecond { get; set; }

    /// <summary>Gets or sets the requests that such a key may send at once after a pause.</summary>
    /// <value>The default is two seconds of <see cref="KeyRequestsPerSecond"/>.</value>
    [Range(1, 10_000_000)]
    public int? KeyBurst { get; set; }

    /// <summary>Gets or sets the requests without a key that one address may send each second, as to public buckets.</summary>
    /// <value>Without it, which is the default, addresses have no such limit.</value>
    [Range(0.01, 1_000_000)]
    public double? AddressRequestsPerSecond { get; set; }

    /// <summary>Gets or sets the requests without a key that one address may send at once after a pause.</summary>
    /// <value>The default is two seconds of <see cref="AddressRequestsPerSecond"/>.</value>
    [Range(1, 10_000_000)]
    public int? AddressBurst { get; set; }

    /// <summary>Gets or sets the requests with a wrong key or signature that one address may send each minute.</summary>
    /// <value>The default value is 60.</value>
    [Range(1, 1_000_000)]
    public double FailedAuthenticationsPerMinute { get; set; } = 60;

    /// <summary>Gets or sets the requests with a wrong key or signature that one address may send at once after a pause.</summary>
    /// <value>The default value is 100.</value>
    [Range(1, 1_000_000)]
    public int FailedAuthenticationBurst { get; set; } = 100;

    /// <summary>Gets or sets the time that a request waits for Redis, before this process limits alone for 2 seconds.</summary>
    /// <value>The default value is 250 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Gets or sets the time between two readings of the limits of single keys: the longest before a change has effect.</summary>
    /// <value>The default value is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeyLimitsReadEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the number of requests with a body that a process serves at once.</summary>
    /// <value>The default value is 512. A slow one holds up to 1 MiB of memory.</value>
    [Range(1, 1_000_000)]
    public int MaxConcurrentUploads { get; set; } = 512;

    /// <summary>Gets or sets the number of requests without a body that a process serves at once.</summary>
    /// <value>The default value is 2,048.</value>
    [Range(1, 1_000_000)]
    public int MaxConcurrentDownloads { get; set; } = 2048;

    /// <summary>Gets or sets the part of these places that one key, or one address without a key, may hold, in percent.</summary>
    /// <value>The default value is 50: a single sender never keeps the others out. A key's own limit comes before it.</value>
    [Range(1, 100)]
    public int MaxShareOfOneSender { get; set; } = 50;

    /// <summary>Gets or sets the number of connections that each listener of a process accepts; more are closed at once.</summary>
    /// <value>The default value is 10,000.</value>
    [Range(1, 10_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Gets or sets the least average rate of a request's body from its first byte on, in bytes a second.</summary>
    /// <value>
    /// The default value is 4,096; 0 switches the limit off. Time in which the server does not read, because it is slow itself, does not
    /// count.
    /// </value>
    [Range(0, 1 << 30)]
    public int MinBodyBytesPerSecond { get; set; } = 4096;

    /// <summary>Gets or sets the time before the rate of a body counts, and for which a sender may pause at the start.</summary>
    /// <value>The default value is 20 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan BodyGrace { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets the least rate at which a response is read by its client, in bytes a second.</summary>
    /// <value>
    /// The default value is 1,024; 0 switches the limit off. A player that pauses is disconnected about two minutes after its buffers
    /// are full, and continues with a range.
    /// </value>
    [Range(0, 1 << 30)]
    public int MinResponseBytesPerSecond { get; set; } = 1024;

    /// <summary>Gets or sets the longest time in which a body may arrive, whatever its rate.</summary>
    /// <value>The default value is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:05", "30.00:00:00")]
    public TimeSpan MaxBodyDuration { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Gets the limit of a key without a limit of its own; <see langword="null"/> for none.</summary>
    public RateLimit? OfKeys => KeyRequestsPerSecond is { } rate ? RateLimit.Of(rate, KeyBurst) : null;

    /// <summary>Gets the limit of an address for requests without a key; <see langword="null"/> for none.</summary>
    public RateLimit? OfAddresses => AddressRequestsPerSecond is { } rate ? RateLimit.Of(rate, AddressBurst) : null;

    /// <summary>Gets the limit of an address for requests whose authentication fails.</summary>
    public RateLimit OfFailures => RateLimit.Of(FailedAuthenticationsPerMinute / 60, FailedAuthenticationBurst);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (KeyBurst is not null && KeyRequestsPerSecond is null)
        {
            yield return new(
                "KeyBurst is set without KeyRequestsPerSecond, and has no effect. Set both, or neither.", [nameof(KeyBurst)]);
        }

        if (AddressBurst is not null && AddressRequestsPerSecond is null)
        {
            yield return new(
                "AddressBurst is set without AddressRequestsPerSecond, and has no effect. Set both, or neither.", [nameof(AddressBurst)]);
        }

        if (MaxBodyDuration < BodyGrace)
        {
            yield return new(
                $"MaxBodyDuration is {MaxBodyDuration} and BodyGrace {BodyGrace}: the rate of a body would never count. "
                + "MaxBodyDuration must not be shorter than BodyGrace.",
                [nameof(MaxBodyDuration)]);
        }
    }
}

/// <summary>Checks the data annotations of <see cref="LimitOptions"/>; source-generated.</summary>
[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
