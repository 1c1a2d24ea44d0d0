namespace MediaAspire.Api.S3.Protocol;

/// <summary>The work that the policies of one request may cost, whatever they and the request contain.</summary>
/// <remarks>
/// A wildcard costs at most the product of the lengths of pattern and value, and a deletion evaluates the policy once for each of its keys.
/// Without a bound, one request could keep a processor busy for minutes. Not safe for concurrent use.
/// </remarks>
internal sealed class PolicyBudget(CancellationToken cancellationToken)
{
    /// <summary>The maximum number of compared characters; comparing them takes about 0.2 seconds.</summary>
    public const long MaxSteps = 100_000_000;

    private const long StepsBetweenLooks = 65_536;

    private long _nextLook = StepsBetweenLooks;

    /// <summary>Gets the number of characters compared so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Counts compared characters.</summary>
    /// <exception cref="S3Exception">The policies cost more than <see cref="MaxSteps"/>.</exception>
    /// <exception cref="OperationCanceledException">The sender has disconnected.</exception>
    public void Spend(long steps)
    {
        Steps += steps;
        if (Steps > MaxSteps)
        {
            throw S3Errors.PolicyTooExpensive().ToException();
        }

        if (Steps >= _nextLook)
        {
            _nextLook = Steps + StepsBetweenLooks;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
