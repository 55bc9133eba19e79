int sum(const int *all, unsigned long count)
{
    return all[count - 1] * (int)count;
}
