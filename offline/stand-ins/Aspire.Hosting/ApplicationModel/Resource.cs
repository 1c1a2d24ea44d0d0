using System.Collections;
using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The base of every resource.</summary>
public abstract class Resource : IResource
{
    /// <summary>Creates a resource.</summary>
    /// <param name="name">At most 64 ASCII letters, digits and single hyphens, beginning with a letter.</param>
    /// <exception cref="ArgumentException">The name breaks those rules.</exception>
    protected Resource(string name)
    {
        ModelName.Validate(nameof(Resource), name);
        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    /// <inheritdoc />
    public override string ToString() => $"{GetType().Name} {Name}";
}

/// <summary>The annotations of a resource; reading while another thread adds sees a consistent snapshot.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>, IEnumerable<IResourceAnnotation>
{
    private readonly Lock _lock = new();

    /// <summary>Enumerates what was there when the enumeration began.</summary>
    public new IEnumerator<IResourceAnnotation> GetEnumerator()
    {
        lock (_lock)
        {
            return ((IEnumerable<IResourceAnnotation>)Items.ToArray()).GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    protected override void InsertItem(int index, IResourceAnnotation item)
    {
        lock (_lock)
        {
            base.InsertItem(index, item);
        }
    }

    /// <inheritdoc />
    protected override void RemoveItem(int index)
    {
        lock (_lock)
        {
            base.RemoveItem(index);
        }
    }

    /// <inheritdoc />
    protected override void SetItem(int index, IResourceAnnotation item)
    {
        lock (_lock)
        {
            base.SetItem(index, item);
        }
    }

    /// <inheritdoc />
    protected override void ClearItems()
    {
        lock (_lock)
        {
            base.ClearItems();
        }
    }
}

/// <summary>What adding an annotation does to earlier ones of the same type.</summary>
public enum ResourceAnnotationMutationBehavior
{
    Append = 0,
    Replace = 1,
}
