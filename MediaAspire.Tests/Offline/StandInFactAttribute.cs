using Aspire.Hosting;

namespace MediaAspire.Tests.Offline;

/// <summary>A test of the stand-in for Aspire.Hosting; skipped where the genuine package is restored.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StandInFactAttribute : FactAttribute
{
    public StandInFactAttribute()
    {
        if (typeof(DistributedApplication).Assembly.GetType("Aspire.Hosting.Orchestrator.InstanceRunner") is null)
        {
            Skip = "Aspire.Hosting is the genuine package here.";
        }
    }
}
